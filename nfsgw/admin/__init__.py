"""The admin socket: how the other commands ask a running gateway. One JSON object per line, question and answer."""
