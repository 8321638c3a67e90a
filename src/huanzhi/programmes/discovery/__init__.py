"""Discovery 问题发现: how well and how soon the watch finds what was truly committed in the test city."""
