insert into p values ('tagstart',$t$${x}$t$);
