import { createHash, generateKeyPair } from 'node:crypto';
import { promisify } from 'node:util';

const generate = promisify(generateKeyPair);

/** Kinds of public keys that OpenSSH knows; those of security tokens end in the name of their issuer. */
const KINDS =
  /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

/** A new key pair. */
export interface SshKeyPair {
  /** In the form of `authorized_keys`. */
  publicKey: string;
  /** In PEM. */
  privateKey: string;
}

/** Makes an RSA key pair, of the size that Nova takes. */
export async function generateSshKeyPair(): Promise<SshKeyPair> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: 2048 });
  const { e = '', n = '' } = publicKey.export({ format: 'jwk' });
  const blob = Buffer.concat([field(Buffer.from('ssh-rsa')), field(positive(e)), field(positive(n))]);
  return {
    publicKey: `ssh-rsa ${blob.toString('base64')} Generated-by-Tasktag`,
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }) as string,
  };
}

/**
 * The fingerprint of a public key in the form of `authorized_keys`: MD5, as Nova shows it (nova/crypto.py).
 *
 * @returns `null` for any other text
 */
export function sshFingerprint(publicKey: string): string | null {
  const [kind = '', encoded = ''] = publicKey.split(' ');
  if (!KINDS.test(kind) || !/^[A-Za-z0-9+/]+={0,2}\s*$/.test(encoded)) return null;
  const blob = Buffer.from(encoded, 'base64');
  const [name, ...rest] = fields(blob);
  if (name?.toString('latin1') !== kind || rest.length === 0) return null;
  return createHash('md5')
    .update(blob)
    .digest('hex')
    .replace(/(..)(?!$)/g, '$1:');
}

/** A field of SSH's binary form: its length, then its bytes (RFC 4251, section 5). */
function field(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A number in SSH's form: a leading bit that is set would make it negative. */
function positive(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url');
  return (bytes[0] ?? 0) < 0x80 ? bytes : Buffer.concat([Buffer.alloc(1), bytes]);
}

/** The fields of a binary form; none when it does not end where its last field ends. */
function fields(blob: Buffer): Buffer[] {
  const found: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    found.push(blob.subarray(at + 4, end));
    at = end;
  }
  return at === blob.length ? found : [];
}
