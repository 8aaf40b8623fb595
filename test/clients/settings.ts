/** What is turned on at a gateway, and whether the client names its request. */
export interface Setting {
  title: string;
  /** Environment variables of the gateway. */
  environment: Record<string, string>;
  /** Whether clients send `Task-tag`. */
  isTagged: boolean;
}

export const SETTINGS = {
  nothing: { title: 'Nothing is turned on', environment: {}, isTagged: false },
  tag: {
    title: '`Task-tag` on the request, `DUPLICATES=answer`',
    environment: { DUPLICATES: 'answer' },
    isTagged: true,
  },
  name: {
    title: '`TAG_FROM=name`, `DUPLICATES=answer`',
    environment: { TAG_FROM: 'name', DUPLICATES: 'answer' },
    isTagged: false,
  },
  lost: { title: '`LOST_ANSWERS=answer`', environment: { LOST_ANSWERS: 'answer' }, isTagged: false },
} satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
