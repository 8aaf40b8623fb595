import { limitsView } from './limits.view.js';
import { quotasAt } from './quotas.js';

function absolute(version: number): Record<string, number> {
  return (limitsView({ instances: 2 }, version) as { limits: { absolute: Record<string, number> } }).limits
    .absolute;
}

describe('the limits of a project', () => {
  it('tell what it uses of them', () => {
    expect(absolute(1)).toMatchObject({ totalInstancesUsed: 2, totalCoresUsed: 0, maxServerMeta: 128 });
  });

  it.each([
    [35, ['maxSecurityGroups', 'totalFloatingIpsUsed', 'maxImageMeta', 'maxPersonality'], []],
    [36, ['maxImageMeta', 'maxPersonality'], ['maxSecurityGroups', 'totalFloatingIpsUsed']],
    [39, ['maxPersonality'], ['maxImageMeta']],
    [57, ['maxTotalKeypairs', 'maxServerGroups'], ['maxPersonality', 'maxPersonalitySize']],
  ])('are those that Nova has at 2.%d', (version, present, absent) => {
    const names = Object.keys(absolute(version));
    expect(names).toEqual(expect.arrayContaining(present));
    expect(names.filter((name) => absent.includes(name))).toEqual([]);
  });
});

describe('the quotas of a project', () => {
  it('are those that Nova has at a microversion', () => {
    const gone = (version: number) => Object.keys(quotasAt(1)).filter((name) => !(name in quotasAt(version)));
    const network = ['floating_ips', 'fixed_ips', 'security_groups', 'security_group_rules'];
    expect(gone(36).sort()).toEqual([...network].sort());
    expect(gone(57).sort()).toEqual(
      [...network, 'injected_files', 'injected_file_content_bytes', 'injected_file_path_bytes'].sort(),
    );
  });
});
