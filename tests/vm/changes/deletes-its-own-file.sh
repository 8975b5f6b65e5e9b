# What a hook makes and deletes again leaves nothing.
hook() { echo 1 >file; mkdir dir; rm -r file dir; }
check() { lacks file; lacks .wh.file; lacks dir/; lacks .wh.dir; }
