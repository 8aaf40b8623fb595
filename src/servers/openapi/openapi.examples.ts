import type { ApiBodyOptions } from '@nestjs/swagger';

/** The image and flavors that the simulated cloud always has, so that the examples work as given. */
const CIRROS = '70a599e0-31e7-49b7-b260-868f441e862b';

const FREE = { type: 'object', additionalProperties: true } as const;

export const CREATE_BODY: ApiBodyOptions = {
  schema: FREE,
  examples: {
    'a server': { value: { server: { name: 'vm1', imageRef: CIRROS, flavorRef: '1' } } },
    'two servers': {
      value: { server: { name: 'vm', imageRef: CIRROS, flavorRef: '1', min_count: 2, max_count: 2 } },
    },
    'one that fails': {
      value: { server: { name: 'vm1', imageRef: CIRROS, flavorRef: '1', metadata: { simulate: 'fail' } } },
    },
  },
};

export const ACTION_BODIES: ApiBodyOptions = {
  schema: FREE,
  examples: {
    stop: { value: { 'os-stop': null } },
    start: { value: { 'os-start': null } },
    reboot: { value: { reboot: { type: 'SOFT' } } },
    pause: { value: { pause: null } },
    unpause: { value: { unpause: null } },
    suspend: { value: { suspend: null } },
    resume: { value: { resume: null } },
    resize: { value: { resize: { flavorRef: '2' } } },
    confirmResize: { value: { confirmResize: null } },
    revertResize: { value: { revertResize: null } },
    rebuild: { value: { rebuild: { imageRef: CIRROS } } },
    rescue: { value: { rescue: null } },
    unrescue: { value: { unrescue: null } },
    shelve: { value: { shelve: null } },
    unshelve: { value: { unshelve: null } },
    lock: { value: { lock: null } },
    unlock: { value: { unlock: null } },
    changePassword: { value: { changePassword: { adminPass: 'choose one' } } },
    createImage: { value: { createImage: { name: 'snapshot of vm1' } } },
    forceDelete: { value: { forceDelete: null } },
  },
};

export const INTERFACE_BODY: ApiBodyOptions = {
  schema: FREE,
  examples: { 'any network': { value: { interfaceAttachment: {} } } },
};

export const VOLUME_BODY: ApiBodyOptions = {
  schema: FREE,
  examples: {
    'a volume': { value: { volumeAttachment: { volumeId: 'a26887c6-c47b-4654-abb5-dfadf7d3f803' } } },
  },
};

export const SWAP_BODY: ApiBodyOptions = {
  schema: FREE,
  examples: {
    'another volume': { value: { volumeAttachment: { volumeId: 'b37998d7-d58c-4765-bcc6-eabea8e4a914' } } },
  },
};

export const SHARE_BODY: ApiBodyOptions = {
  schema: FREE,
  examples: {
    'a share': { value: { share: { share_id: 'c48a09e8-e69d-4876-add7-0fbeb9f5b025', tag: 'data' } } },
  },
};

export const FORCE_BODY: ApiBodyOptions = {
  schema: FREE,
  examples: { 'to its end': { value: { force_complete: null } } },
};
