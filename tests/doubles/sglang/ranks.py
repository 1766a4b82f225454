"""A server over several nodes: rank 0 waits for the others before it serves; they take part in every completion, and serve nobody."""
import socket
import sys
import time


class Ranks:
    """What rank 0 knows of the others. One that dies is not noticed: the real one hangs in its collective operations."""

    def __init__(self, args):
        self._connections = []
        if args.nnodes == 1:
            return
        host, port = args.dist_init_addr.rsplit(":", 1)
        with socket.create_server((host, int(port)), family=socket.getaddrinfo(host, None)[0][0]) as listener:
            while len(self._connections) < args.nnodes - 1:
                self._connections.append(listener.accept()[0])

    def take_part(self):
        for connection in self._connections:
            try:
                connection.send(b".")
            except OSError:
                pass


def follow(args, behaviour, is_first_time):
    """The life of another rank: it ends with a signal, or as it was told to."""
    host, port = args.dist_init_addr.rsplit(":", 1)
    while True:
        try:
            connection = socket.create_connection((host, int(port)))
            break
        except OSError:
            time.sleep(0.1)
    completions = 0
    while connection.recv(1):
        completions += 1
        if completions == behaviour.rank_dies_after and is_first_time():
            print("CUDA error: an illegal memory access was encountered", file=sys.stderr, flush=True)
            sys.exit(1)
    while True:
        time.sleep(60)
