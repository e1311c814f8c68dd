create table t(n int);
listen x;
﻿notify x, 'y;z';
values (1),(2);
tablain select 1;
checkpoint;
