"""For agents: the model as tools of the Model Context Protocol, over stdio.

`outils` says what each tool gives, `recherche` finds texts, figures, rules and readings, `serveur`
speaks the protocol. Nothing is read but the package, nothing is written, no address is called.
"""
