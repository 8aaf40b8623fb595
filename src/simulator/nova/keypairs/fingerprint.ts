import { X509Certificate } from 'node:crypto';
import { BadRequest } from '../../../openstack/faults.js';
import type { KeyType } from './keypair.entity.js';
import { sshFingerprint } from './ssh-keys.js';

/** The longest public key that is kept, in bytes: the size of Nova's column. */
const MAX_LENGTH = 65_535;

/**
 * The fingerprint of a public key or a certificate, as Nova shows it (nova/crypto.py).
 *
 * @throws BadRequest for any other text
 */
export function fingerprintOf(publicKey: string, type: KeyType): string {
  const fingerprint = Buffer.byteLength(publicKey) > MAX_LENGTH ? null : FINGERPRINTS[type](publicKey);
  if (fingerprint !== null) return fingerprint;
  const kind = type === 'ssh' ? 'fingerprint' : 'X509 fingerprint';
  throw new BadRequest(`Keypair data is invalid: failed to generate ${kind}`);
}

const FINGERPRINTS: Record<KeyType, (publicKey: string) => string | null> = {
  ssh: sshFingerprint,
  x509: certificateFingerprint,
};

function certificateFingerprint(pem: string): string | null {
  try {
    return new X509Certificate(pem).fingerprint.toLowerCase();
  } catch {
    return null;
  }
}
