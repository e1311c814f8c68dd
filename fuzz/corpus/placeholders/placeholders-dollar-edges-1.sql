create table p(k text, v text);
insert into p values ('start',$$${x}$$);
insert into p values ('space',$$ ${x}$$);
insert into p values ('end',$$a${x}$$);
insert into p values ('money','$${x}');
insert into p values ('tagspace',$t$ ${x}$t$);
insert into p values ('tagend',$t$a ${x} $t$);
