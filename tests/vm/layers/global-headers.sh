# Global pax headers, as git archive writes them, are no entries.
layer1() { echo 1 >file; }
pack1() { put --pax-option=globexthdr.name=pax_global_header,comment=0123456789012345678901234567890123456789 "$name" "$name"/file; }
# umoci 0.4.7 does not expect them.
plain1() { put_all; }
hook() { [ "$(echo *)" = file ]; [ ! -e ../pax_global_header ]; }
