# METADATA
# title: Policies that judge policies
# description: >-
#   Run over the parsed modules of a revision ({"modules": [{file, ast}], "builtins": [names]}), never part of one.
#   A check body holds positive, typed comparisons only, because negation turns what is missing into true.
package policies.checks

entry := "policies/main.rego"

judged contains module if {
	some module in input.modules
	endswith(module.file, "_test.rego") == false
}

# ---- what a body may hold ----

violations contains said(module, "a negation: say what must hold instead") if {
	some module in judged
	some node in nodes(module)
	node.negated == true
}

# What `import future.keywords.not` makes of it.
violations contains said(module, "a negation: say what must hold instead") if {
	some module in judged
	some node in nodes(module)
	node.type == "not"
}

violations contains said(module, "future keywords change what a negation means") if {
	some module in judged
	some path in module.ast.imports
	path.path.value[0].value == "future"
}

violations contains said(module, "something counted to zero: what is missing counts to zero as well") if {
	some module in judged
	some node in nodes(module)
	compares(node)
	some term in operands(node)
	term.value[0].value[0].value == "count"
	some other in operands(node)
	other.type == "number"
	other.value == 0
	operator(node) in {"equal", "lte"}
}

violations contains said(module, "a list made up and then compared with nothing: what is missing makes an empty one") if {
	some module in judged
	some node in nodes(module)
	compares(node)
	some term in operands(node)
	term.type in comprehensions
	some other in operands(node)
	other.type in {"array", "set"}
	count(other.value) == 0
}

violations contains said(module, "a list made up and counted: say what every item must be") if {
	some module in judged
	some node in nodes(module)
	some part in ["value", "terms"]
	call := node[part]
	call[0].value[0].value == "count"
	call[1].type in comprehensions
}

violations contains said(module, "object.get: its default stands in for what is missing") if {
	some module in judged
	some node in nodes(module)
	path_of(node) == ["object", "get"]
}

violations contains said(module, "`input` outside main: take the question as an argument") if {
	some module in judged
	module.file != entry
	some node in nodes(module)
	node.type == "var"
	node.value == "input"
}

violations contains said(module, "`with` outside a test") if {
	some module in judged
	some node in nodes(module)
	count(node["with"]) > 0
}

violations contains said(module, sprintf("a number that is not whole: %v", [node.value])) if {
	some module in judged
	some node in nodes(module)
	node.type == "number"
	round(node.value) != node.value
}

# ---- where things stand, and what they are called ----

violations contains said(module, sprintf("package %s does not say where the file is", [concat(".", segments(module))])) if {
	some module in input.modules
	segments(module) != place(module.file)
}

violations contains said(module, "only the release may decide what the engine lets through") if {
	some module in input.modules
	module.ast["package"].path[1].value == "system"
}

violations contains said(module, sprintf("%s has the name of a built-in", [name])) if {
	some module in judged
	some name in names(module)
	name in input.builtins
}

violations contains said(module, sprintf("%s: names are snake_case and do not begin with get_ or list_", [name])) if {
	some module in judged
	some name in names(module)
	regex.match(`^[a-z][a-z0-9_]*$`, name) == false
}

violations contains said(module, sprintf("%s: names are snake_case and do not begin with get_ or list_", [name])) if {
	some module in judged
	some name in names(module)
	regex.match(`^(get|list)_`, name)
}

# ---- what must be there ----

violations contains said(module, sprintf("%s judges, but does not default to false", [name])) if {
	some module in judged
	some name in judging(module)
	defaults := {rule.head.name |
		some rule in module.ast.rules
		rule["default"] == true
		rule.head.value == {"type": "boolean", "value": false}
	}
	not name in defaults
}

violations contains said(module, "main.verdict is not total: an object of an unknown kind must be a no") if {
	some module in judged
	module.file == entry
	totals := {rule.head.name | some rule in module.ast.rules; rule["default"] == true}
	not "verdict" in totals
}

violations contains said(module, sprintf("nobody uses %s", [name])) if {
	some module in judged
	module.file != entry
	some name in names(module)
	not name in used
}

# ---- how a module is read ----

said(module, text) := sprintf("%s: %s", [module.file, text])

nodes(module) := [node | walk(module.ast, [_, node]); is_object(node)]

names(module) := {rule.head.name | some rule in module.ast.rules}

segments(module) := [part.value | some part in array.slice(module.ast["package"].path, 1, 99)]

place(file) := ["policies", "main"] if file == entry

place(file) := array.slice(split(file, "/"), 0, count(split(file, "/")) - 1) if {
	endswith(file, "_test.rego") == false
	file != entry
}

# A test stands beside what it tests, in a package of its own; builders of questions are for tests alone.
place(file) := array.concat(
	array.slice(split(file, "/"), 0, count(split(file, "/")) - 2),
	[test_package(file)],
) if {
	endswith(file, "_test.rego")
	count(split(file, "/")) > 2
}

place("policies/main_test.rego") := ["policies", "main_test"]

test_package(file) := "asked" if endswith(file, "/asked/asked_test.rego")

test_package(file) := trim_suffix(base(file), ".rego") if {
	endswith(file, "/asked/asked_test.rego") == false
	trim_suffix(base(file), "_test.rego") == folder(file)
}

test_package(file) := sprintf("%s_%s", [folder(file), trim_suffix(base(file), ".rego")]) if {
	trim_suffix(base(file), "_test.rego") != folder(file)
}

base(file) := split(file, "/")[count(split(file, "/")) - 1]

folder(file) := split(file, "/")[count(split(file, "/")) - 2]

path_of(node) := [part.value | some part in node.value] if {
	node.type == "ref"
	is_array(node.value)
}

comprehensions := {"arraycomprehension", "setcomprehension", "objectcomprehension"}

compares(node) if is_array(node.terms)

operator(node) := node.terms[0].value[0].value

operands(node) := array.slice(node.terms, 1, 9)

judging(module) := {name |
	some note in input.notes
	note.file == module.file
	name := note.name
}

# By its name in a reference or on its own; what only a test uses decides nothing.
used contains part.value if {
	some module in judged
	some rule in module.ast.rules
	some [_, node] in steps(rule)
	node.type == "ref"
	some part in node.value
	is_string(part.value)
}

used contains node.value if {
	some module in judged
	some rule in module.ast.rules
	some [_, node] in steps(rule)
	node.type == "var"
}

# Everything in a rule but the name that it gives itself.
steps(rule) := [[path, node] |
	walk(json.remove(rule, ["head/ref", "head/name"]), [path, node])
	is_object(node)
]
