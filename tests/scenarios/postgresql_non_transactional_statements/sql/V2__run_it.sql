-- commits by itself
CALL archive();
