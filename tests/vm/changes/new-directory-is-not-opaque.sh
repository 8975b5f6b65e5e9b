# Overlayfs marks every new directory opaque; a marker for what no layer has
# would confuse others.
hook() { mkdir -p new/deeper; }
check() { has new/deeper/; lacks new/.wh..wh..opq; lacks new/deeper/.wh..wh..opq; }
