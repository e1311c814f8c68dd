--
-- PostgreSQL database dump
--

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET default_tablespace = '';

CREATE TABLE public.t (
    n integer NOT NULL,
    s text DEFAULT 'x;'::text
);

CREATE SEQUENCE public.t_n_seq START WITH 1;
COPY public.t (n, s) FROM stdin;
1	a
2	b
\.


SELECT pg_catalog.setval('public.t_n_seq', 2, true);
ALTER TABLE ONLY public.t ADD CONSTRAINT t_pkey PRIMARY KEY (n);
