"""For agents: the model as tools, over the Model Context Protocol."""
