"""How a verb says no. The sentence is for whoever asked: page and API show the same one."""


class Refused(Exception):
    """The act is not possible, and why. Each package derives its own, in the module that refuses.

    `about_input`   True if what was typed is at fault (422), False if the state of things is (409)
    """

    about_input = False
