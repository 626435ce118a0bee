"""A server whose delay and memory are known: ``fake.py PORT SECONDS MEBIBYTES``."""

import asyncio
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\nHello, world!"


async def main(port, delay, mebibytes):
    held = bytearray(mebibytes << 20)
    # The system counts a page of memory once it is written to.
    for page in range(0, len(held), 4096):
        held[page] = 1

    async def answer(reader, writer):
        while await reader.readuntil(b"\r\n\r\n"):
            await asyncio.sleep(delay)
            writer.write(ANSWER)

    server = await asyncio.start_server(answer, "127.0.0.1", port)
    await server.serve_forever()
    return held


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])))
