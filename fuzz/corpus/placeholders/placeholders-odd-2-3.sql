create table p(k text, v text);
