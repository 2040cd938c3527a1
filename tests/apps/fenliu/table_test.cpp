#include "apps/fenliu/table.hpp"

#include <gtest/gtest.h>

namespace fenliu::apps::fenliu {
namespace {

TEST(table, columns_line_up_across_double_width_characters) {
    table out({{"buyer"}, {"text"}});
    out.add({"小林", "有货吗"});
    out.add({"ruth", "hello"});
    EXPECT_EQ(out.render(), "buyer  text\n"
                            "小林   有货吗\n"
                            "ruth   hello\n");
}

TEST(table, numbers_stand_at_the_right) {
    table out({{"n", alignment::right}, {"who"}});
    out.add({"7", "a"});
    out.add({"120", "b"});
    EXPECT_EQ(out.render(), "  n  who\n  7  a\n120  b\n");
}

TEST(table, missing_cells_are_blank_and_lines_have_no_trailing_blanks) {
    table out({{"a"}, {"b"}});
    out.add({"x"});
    EXPECT_EQ(out.render(), "a  b\nx\n");
}

TEST(table, a_line_break_in_a_cell_does_not_break_the_table) {
    table out({{"text"}});
    out.add({"one\ntwo"});
    EXPECT_EQ(out.render(), "text\none two\n");
}

TEST(table, lines_are_cut_at_the_width_that_is_asked_for) {
    table out({{"text"}});
    out.add({"一二三四五"});
    EXPECT_EQ(out.render(6), "text\n一二…\n");
}

} // namespace
} // namespace fenliu::apps::fenliu
