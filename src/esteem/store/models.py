"""Every model, by face, where Django looks for them."""

from esteem.store.directory import *  # noqa: F403
