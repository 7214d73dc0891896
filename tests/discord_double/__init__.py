"""A double of Discord on the wire, and the end-to-end suite of the bot as its own process.

    async with furnished() as scene, running_bot(scene.double, home):
        asked = await scene.double.slash(scene.ada, scene.channel, "ask", question="Why?")
        answer = await scene.double.wait_answer(asked)
        opened = await scene.double.press(answer, "[1]", scene.ben)

`double` (the server, waiting) is put together from `world` and `wire` (what exists, and its JSON),
`people` (what members do), `posting`, `routes`, `command_routes`, `interaction_routes` (REST),
`gateway`, `faults` (what goes wrong), and `rules`, `command_rules`, `description` (what Discord
refuses).
"""
