select lenght('x');
