"""The `camunda:` dialect: what each BPMN element means when it runs, as SpiffWorkflow specs of our own.

One file an element family, its whole meaning in it. The specs of a process are built once and shared read-only by
all its instances; what changes lives in tokens (`engine.dialect.token`) and is done through the verbs of
`engine.dialect.machine`, which `engine.runtime.core` implements.
"""
