/* SPDX-License-Identifier: MIT */
/* elf.c - see elf.h */
#include "images/elf.h"

#include <elf.h>
#include <string.h>

static bool read_header(Elf64_Ehdr *header, const struct blob *blob)
{
	if (blob->size < sizeof(*header))
		return false;
	memcpy(header, blob->data, sizeof(*header));
	return memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
	       header->e_ident[EI_CLASS] == ELFCLASS64 &&
	       header->e_ident[EI_DATA] == ELFDATA2LSB &&
	       header->e_machine == EM_X86_64;
}

bool elf_is_program(const struct blob *blob)
{
	Elf64_Ehdr header;

	return read_header(&header, blob) &&
	       (header.e_type == ET_EXEC || header.e_type == ET_DYN);
}

bool elf_is_object(const struct blob *blob)
{
	Elf64_Ehdr header;

	return read_header(&header, blob) && header.e_type == ET_REL;
}

bool elf_is_whole(const struct blob *blob)
{
	Elf64_Ehdr header;

	return read_header(&header, blob) && header.e_shoff <= blob->size &&
	       (size_t)header.e_shnum * header.e_shentsize <=
		       blob->size - header.e_shoff;
}

const char *elf_interpreter(const struct blob *blob)
{
	Elf64_Ehdr header;
	Elf64_Phdr part;

	if (!read_header(&header, blob) || header.e_phentsize != sizeof(part) ||
	    header.e_phoff > blob->size)
		return NULL;

	for (size_t i = 0; i < header.e_phnum; i++) {
		size_t at = header.e_phoff + i * sizeof(part);

		if (at + sizeof(part) > blob->size)
			return NULL;
		memcpy(&part, blob->data + at, sizeof(part));
		if (part.p_type == PT_INTERP && part.p_filesz > 1 &&
		    part.p_offset < blob->size &&
		    part.p_filesz <= blob->size - part.p_offset &&
		    blob->data[part.p_offset + part.p_filesz - 1] == '\0')
			return (const char *)blob->data + part.p_offset;
	}
	return NULL;
}
