#include "apps/fenliu/line_input.hpp"

#include <array>

#include <gtest/gtest.h>
#include <unistd.h>

namespace fenliu::apps::fenliu {
namespace {

class line_input_test : public testing::Test {
protected:
    line_input_test() { EXPECT_EQ(::pipe(ends_.data()), 0); }
    ~line_input_test() override {
        end_writing();
        ::close(ends_[0]);
    }
    void write(std::string_view text) {
        ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
    }
    void end_writing() {
        if (ends_[1] >= 0) ::close(ends_[1]);
        ends_[1] = -1;
    }
    [[nodiscard]] int fd() const { return ends_[0]; }

private:
    std::array<int, 2> ends_{};
};

TEST_F(line_input_test, gives_nothing_instead_of_waiting) {
    line_input input(fd());
    EXPECT_FALSE(input.next());
    EXPECT_FALSE(input.ended());
}

TEST_F(line_input_test, a_line_may_come_in_pieces) {
    line_input input(fd());
    write("hel");
    EXPECT_FALSE(input.next());
    write("lo\nnext\r\n");
    EXPECT_EQ(input.next(), "hello");
    EXPECT_EQ(input.next(), "next");
}

TEST_F(line_input_test, the_last_line_may_lack_its_end) {
    line_input input(fd());
    write("one\ntwo");
    end_writing();
    EXPECT_EQ(input.next(), "one");
    EXPECT_EQ(input.next(), "two");
    EXPECT_FALSE(input.next());
    EXPECT_TRUE(input.ended());
}

} // namespace
} // namespace fenliu::apps::fenliu
