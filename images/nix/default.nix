# SPDX-License-Identifier: MIT
# overlayvm as a derivation: nix-build images/nix
#
# Read by nix-instantiate --parse, but never built: the tests have no nix. The
# agent is static, so the libraries it links are wanted as archives; a missing
# one is named by meson when it configures.
{ pkgs ? import <nixpkgs> { } }:

let
  inherit (pkgs) lib;

  # What runs and "guest build" look for in PATH; hooks find these in the guest.
  tools = with pkgs; [
    acl attr bash busybox e2fsprogs gnutar jq jshon kmod libcap qemu rsync
    squashfs-tools-ng util-linux
  ];

  # With archives: what the agent is linked with.
  static = p: p.overrideAttrs (old: { dontDisableStatic = true; });
in
pkgs.stdenv.mkDerivation {
  pname = "overlayvm";
  version = "0.1.0";
  src = lib.cleanSource ../..;

  nativeBuildInputs = with pkgs; [ makeWrapper meson ninja pkg-config ];
  buildInputs = (with pkgs; [ kmod libseccomp openssl util-linux glibc.static ])
    ++ map static (with pkgs;
      [ acl bzip2 json_c libarchive lz4 nettle xxHash xz zlib zstd ]);

  mesonFlags = [ "-Dtests=disabled" ];

  postInstall = ''
    wrapProgram $out/bin/overlayvm --suffix PATH : ${lib.makeBinPath tools}
  '';

  meta = {
    description = "Run root hooks over a container image in a virtual machine";
    license = lib.licenses.mit;
    platforms = [ "x86_64-linux" ];
    mainProgram = "overlayvm";
  };
}
