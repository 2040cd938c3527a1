// Who sees every record in the order of the log, as it is committed and when it is on the disk. Implemented by the world.
#pragma once

#include <cstddef>
#include <string_view>

namespace fenliu::simulation {

class journal_watch {
public:
    virtual ~journal_watch() = default;
    /// The next payload of the log, handed in by a lane; it may still be lost.
    virtual void committed(std::string_view payload) = 0;
    /// So many payloads are on the disk now.
    virtual void synced(std::size_t payloads) = 0;
};

} // namespace fenliu::simulation
