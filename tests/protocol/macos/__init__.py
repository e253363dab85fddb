"""What a macOS machine sends, replayed against the gateway. Built from Apple's published client (github.com/
apple-oss-distributions/NFS, kext/): each function here and each test names the one that it follows."""
