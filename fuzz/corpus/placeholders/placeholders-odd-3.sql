insert into p values ('unclosed','${x and $ and $x {x}');
insert into p values ('closed','$${x}');
