import type { Microversion } from '../../../openstack/microversion.js';
import type { SimulatedKeypair } from './keypair.entity.js';

/** A key pair as a list shows it (nova/api/openstack/compute/views/keypairs.py); 2.2 adds the type. */
export function keypairBrief(keypair: SimulatedKeypair, version: Microversion): object {
  const { name, publicKey, fingerprint, type } = keypair;
  return { name, public_key: publicKey, fingerprint, ...(version >= 2 && { type }) };
}

/** A key pair that was just made. */
export function newKeypairView(keypair: SimulatedKeypair, version: Microversion): object {
  return { ...keypairBrief(keypair, version), user_id: keypair.userId };
}

/** A key pair with all its fields. */
export function keypairView(keypair: SimulatedKeypair, version: Microversion): object {
  return {
    ...newKeypairView(keypair, version),
    id: keypair.id,
    created_at: new Date(keypair.createdAt).toISOString().replace('Z', '000'),
    deleted: false,
    deleted_at: null,
    updated_at: null,
  };
}
