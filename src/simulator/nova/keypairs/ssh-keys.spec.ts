import { createPrivateKey, createPublicKey } from 'node:crypto';
import { generateSshKeyPair, sshFingerprint } from './ssh-keys.js';

/** Made by ssh-keygen, which also told the fingerprints (`ssh-keygen -l -E md5`). */
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOLdhP095oFS8kKV7ccraBvqmfFRZBrEW5gfLvxpv0xc';
const ECDSA =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBPGnkZoCofYCyr2X5pqm' +
  'UZrXl5ANepkUOjGlI2iY27/2QuQIxOinKM2tYiM/wGUYN5t0bp/Guh0EqW4Cd+iidBs=';

describe('the fingerprint of a public key', () => {
  it('is the one that ssh-keygen tells, with or without a comment', () => {
    expect(sshFingerprint(ED25519)).toBe('59:2f:73:87:7f:8c:7d:f7:c3:a6:57:72:5b:17:46:4a');
    expect(sshFingerprint(`${ED25519} me@home é`)).toBe('59:2f:73:87:7f:8c:7d:f7:c3:a6:57:72:5b:17:46:4a');
    expect(sshFingerprint(`${ECDSA}\n`)).toBe('e2:a0:e9:10:4d:f2:78:2d:92:9e:b4:fa:84:26:09:32');
  });

  it.each([
    ['nothing', ''],
    ['a name alone', 'ssh-ed25519'],
    ['another kind than the key says', ED25519.replace('ssh-ed25519', 'ssh-rsa')],
    ['a kind that there is not', ED25519.replace('ssh-ed25519', 'ssh-new')],
    ['a key cut short', ED25519.slice(0, -8)],
    ['a key with more behind it', ED25519 + 'AAAA'],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----'],
  ])('is refused for %s', (_, text) => {
    expect(sshFingerprint(text)).toBeNull();
  });
});

describe('a new key pair', () => {
  it('has a public half in the form of authorized_keys that belongs to the private one', async () => {
    const { publicKey, privateKey } = await generateSshKeyPair();
    expect(privateKey).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
    expect(publicKey).toMatch(/^ssh-rsa AAAAB3NzaC1yc2E[A-Za-z0-9+/]+=* Generated-by-Tasktag$/);

    const { n = '' } = createPublicKey(createPrivateKey(privateKey)).export({ format: 'jwk' });
    const blob = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64');
    expect(blob.subarray(-256).toString('base64url')).toBe(n);
    expect(sshFingerprint(publicKey)).toMatch(/^([0-9a-f]{2}:){15}[0-9a-f]{2}$/);
  });
});
