"""The tests: a package, so that no package of that name among those installed (textstat brings one) comes before it."""
