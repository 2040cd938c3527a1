#include "routing/assistant.hpp"

#include "routing/language.hpp"

namespace fenliu::routing {

std::string assistant_greeting(std::string_view lang, std::string_view handoff_word, bool somebody_available) {
    const std::string word{handoff_word};
    if (speaks_english(lang)) {
        if (!somebody_available)
            return "Thank you for your message. Nobody is here right now; we will answer as soon as we are back.";
        return "Hello, this is the shop's assistant. How can I help?" +
               (word.empty() ? "" : " Write “" + word + "” to reach a person.");
    }
    if (!somebody_available) return "您好，客服暂时不在，您的消息已收到，我们上线后会尽快回复。";
    return "您好，我是店铺助手，请问有什么可以帮您？" + (word.empty() ? "" : "回复“" + word + "”即可转接人工客服。");
}

} // namespace fenliu::routing
