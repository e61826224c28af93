"""Behind `./portal`: what each command does. Django is imported only where a command needs it."""
