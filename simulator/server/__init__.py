"""The doors: HTTP, WebSocket, the control surface, and the `Simulator` object that keeps them open in a thread.

The only room with aiohttp and asyncio. A door turns bytes into a `Request` or `Frame`, takes one turn, and sends
what came.
"""
