import type { Change, TransactionId } from '../schema/change.ts';

/** What a session takes times without a zone for. */
export interface SessionZone {
  readonly isUtc: boolean;
  /** `SET LOCAL` holds until the end of this one. */
  readonly until?: { readonly transaction: TransactionId };
}

/** What a statement makes of the zone; undefined for others. */
export function zoneSetBy({ origin, transaction, certainty }: Change): SessionZone | undefined {
  const set = /^(RE)?SET\s+(?:(SESSION|LOCAL)\s+)?TIME\s*ZONE\b\s*(?:=|TO\b)?(.*)$/is.exec(origin.sql?.text ?? '');
  if (set === null) return undefined;
  const isUtc = certainty === 'certain' && set[1] === undefined && isNameOfUtc(set[3] ?? '');
  return set[2]?.toUpperCase() === 'LOCAL' ? { isUtc, until: { transaction } } : { isUtc };
}

/** Whether times are known to be taken for those of UTC where a change is made. */
export function isInUtc({ isUtc, until }: SessionZone, { transaction }: Change): boolean {
  return isUtc && (until === undefined || (transaction !== undefined && until.transaction === transaction));
}

function isNameOfUtc(value: string): boolean {
  return /^\s*(['"]?)(?:etc\/)?(?:utc|gmt)\1\s*;?\s*$/i.test(value);
}

/** `"options": "-c timezone=utc"`, `server_settings={"timezone": "UTC"}`, `SET TIME ZONE 'UTC'`: anything but a comment. */
export function opensSessionsInUtc(text: string): boolean {
  return settings.some((setting) => setting.test(text));
}

const settings: readonly RegExp[] = [
  /^[^#\n]*-c(?:\s|%20|\+)*timezone(?:=|%3D)(?:etc(?:\/|%2F))?(?:utc|gmt)\b/im,
  /^[^#\n]*server_settings\b[^#\n}]*["']timezone["']\s*:\s*["'](?:etc\/)?(?:utc|gmt)["']/im,
  /^[^#\n]*\bset\s+(?:session\s+)?time\s*zone\s*(?:=|to\b)?\s*\\?["'](?:etc\/)?(?:utc|gmt)\b/im,
];
