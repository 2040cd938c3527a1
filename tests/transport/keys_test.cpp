#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "transport/keys.hpp"

namespace fenliu::transport {
namespace {

class key_files : public ::testing::Test {
protected:
    void SetUp() override {
        std::string name = (std::filesystem::temp_directory_path() / "fenliu-keys-XXXXXX").string();
        ASSERT_NE(::mkdtemp(name.data()), nullptr);
        directory = name;
    }
    void TearDown() override { std::filesystem::remove_all(directory); }

    static std::string why(const std::variant<std::string, protocol::failure>& read) {
        const auto* failed = std::get_if<protocol::failure>(&read);
        return failed == nullptr ? "" : failed->text;
    }

    std::filesystem::path directory;
};

TEST_F(key_files, give_back_every_kind_of_key) {
    const auto curve = make_curve_pair(), issuer = make_issuer_pair();
    const std::tuple<key_kind, std::string, const char*> all[] = {{key_kind::curve_public, curve.public_key, "a"},
                                                                  {key_kind::curve_secret, curve.secret_key, "b"},
                                                                  {key_kind::issuer_public, issuer.public_key, "c"},
                                                                  {key_kind::issuer_secret, issuer.secret_key, "d"}};
    for (const auto& [kind, key, name] : all) {
        EXPECT_TRUE(is_key(kind, key));
        ASSERT_FALSE(write_key_file(directory / name, kind, key));
        const auto read = read_key_file(directory / name, kind);
        EXPECT_EQ(why(read), "");
        EXPECT_EQ(std::get<std::string>(read), key);
        struct stat about {};
        ASSERT_EQ(::stat((directory / name).c_str(), &about), 0);
        EXPECT_EQ(about.st_mode & 0777U, 0600U) << "for its owner alone";
    }
    EXPECT_EQ(curve_public_of(curve.secret_key), curve.public_key);
}

TEST_F(key_files, are_never_written_over) {
    const auto first = make_curve_pair(), second = make_curve_pair();
    ASSERT_FALSE(write_key_file(directory / "k", key_kind::curve_secret, first.secret_key));
    const auto again = write_key_file(directory / "k", key_kind::curve_secret, second.secret_key);
    ASSERT_TRUE(again);
    EXPECT_NE(again->text.find("is there already"), std::string::npos);
    EXPECT_EQ(std::get<std::string>(read_key_file(directory / "k", key_kind::curve_secret)), first.secret_key);
}

TEST_F(key_files, with_a_secret_that_others_may_read_are_refused_and_the_secret_is_not_told) {
    const auto pair = make_curve_pair();
    ASSERT_FALSE(write_key_file(directory / "k", key_kind::curve_secret, pair.secret_key));
    for (const mode_t mode : {0640U, 0604U, 0644U, 0620U, 0601U}) {
        ASSERT_EQ(::chmod((directory / "k").c_str(), mode), 0);
        const auto read = read_key_file(directory / "k", key_kind::curve_secret);
        EXPECT_NE(why(read).find("chmod 600"), std::string::npos) << mode;
        EXPECT_EQ(why(read).find(pair.secret_key), std::string::npos);
    }
    ASSERT_EQ(::chmod((directory / "k").c_str(), 0400), 0);
    EXPECT_EQ(why(read_key_file(directory / "k", key_kind::curve_secret)), "");
}

TEST_F(key_files, of_another_kind_or_with_anything_else_in_them_are_refused_and_named) {
    const auto pair = make_curve_pair();
    ASSERT_FALSE(write_key_file(directory / "k", key_kind::curve_public, pair.public_key));
    EXPECT_NE(why(read_key_file(directory / "k", key_kind::issuer_public)).find("fenliu-issuer-public"), std::string::npos);
    EXPECT_NE(why(read_key_file(directory / "none", key_kind::curve_public)).find("can't be read"), std::string::npos);
    EXPECT_NE(why(read_key_file(directory, key_kind::curve_public)).find("is no file"), std::string::npos);
    for (const std::string& text :
         {std::string(), std::string("fenliu-curve-public "), "fenliu-curve-public " + std::string(39, 'a'),
          "fenliu-curve-public " + pair.public_key + "\nmore\n", std::string(5'000, 'x')}) {
        std::ofstream(directory / "bad", std::ios::trunc) << text;
        EXPECT_NE(why(read_key_file(directory / "bad", key_kind::curve_public)).find("holds no key"), std::string::npos) << text;
    }
}

} // namespace
} // namespace fenliu::transport
