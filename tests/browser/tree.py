"""The accessibility tree of a page: what a screen reader is told of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Node:
    """One thing that a screen reader can be on."""

    key: str
    parent: str
    role: str
    name: str
    properties: dict


class Tree:
    """The nodes of the page of ``browser`` that are not hidden from screen readers."""

    def __init__(self, browser):
        answer = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})
        # Hidden nodes stay as rungs between those that are not.
        self._all = {node["nodeId"]: node for node in answer["nodes"]}
        self.nodes = [
            Node(
                key=node["nodeId"],
                parent=node.get("parentId"),
                role=node["role"]["value"],
                name=node.get("name", {}).get("value", "").strip(),
                properties={
                    entry["name"]: entry["value"].get("value")
                    for entry in node.get("properties", [])
                },
            )
            for node in self._all.values()
            if not node["ignored"]
        ]
        self._by_key = {node.key: node for node in self.nodes}

    def of(self, *roles):
        return [node for node in self.nodes if node.role in roles]

    @property
    def focused(self):
        """The node with the focus; the page itself has it if nothing else does."""
        *_, last = (node for node in self.nodes if node.properties.get("focused"))
        return last

    @property
    def controls(self):
        """What takes the focus and is no place of the page, such as its main part."""
        places = {"RootWebArea", "main", "alert", "heading", "region"}
        return [
            node
            for node in self.nodes
            if node.properties.get("focusable") and node.role not in places
        ]

    def around(self, node):
        """Return the nodes that ``node`` stands in, the nearest first."""
        found, key = [], node.parent
        while key:
            if key in self._by_key:
                found.append(self._by_key[key])
            key = self._all[key].get("parentId")
        return found

    def within(self, node, *roles):
        return [each for each in self.of(*roles) if node in self.around(each)]

    def group_of(self, node):
        """Return the name of the nearest group around ``node``, None without one."""
        groups = (each for each in self.around(node) if each.role == "group")
        return next((group.name for group in groups), None)
