insert into p values ('intag',$${x}$ body; $${x}$);
