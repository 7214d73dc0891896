"""The generative composer: a chat model writes, and each sentence is checked before it is shown."""
