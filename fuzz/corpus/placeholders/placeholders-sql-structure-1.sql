create table p(k text, v text);
${s}
insert into p values ('q','${q}');
