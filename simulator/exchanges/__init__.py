"""The exchanges, a folder each. They know `simulator.core`; never each other, never sockets."""
