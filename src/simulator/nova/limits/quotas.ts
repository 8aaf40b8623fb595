import type { Microversion } from '../../../openstack/microversion.js';

/**
 * A project's quotas, by Nova's names. The simulated cloud does not count its servers against them; -1 means no limit.
 */
const QUOTAS = {
  instances: 10_000,
  cores: 100_000,
  ram: 200_000_000, // mebibytes
  floating_ips: -1,
  fixed_ips: -1,
  metadata_items: 128,
  injected_files: 5,
  injected_file_content_bytes: 10_240,
  injected_file_path_bytes: 255,
  security_groups: -1,
  security_group_rules: -1,
  key_pairs: 100,
  server_groups: 0, // server groups are not simulated
  server_group_members: 0,
};

export type Resource = keyof typeof QUOTAS;

/** How many key pairs a user may have. */
export const MOST_KEYPAIRS = QUOTAS.key_pairs;

/** 2.36 drops what belongs to the network service, 2.57 files that are put into servers. */
const UNTIL: Partial<Record<Resource, Microversion>> = {
  floating_ips: 35,
  fixed_ips: 35,
  security_groups: 35,
  security_group_rules: 35,
  injected_files: 56,
  injected_file_content_bytes: 56,
  injected_file_path_bytes: 56,
};

/** The quotas in a microversion. */
export function quotasAt(version: Microversion): Partial<Record<Resource, number>> {
  const known = Object.entries(QUOTAS).filter(([name]) => version <= (UNTIL[name as Resource] ?? version));
  return Object.fromEntries(known);
}
