SELECT missing;
