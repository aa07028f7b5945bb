import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Stored {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Where a provider keeps its sessions, codes and tokens: in this process, until they expire. */
export function createMemoryAdapter(now: () => number): (model: string) => Adapter {
  const storage = new Map<string, Stored>();
  const find = (matches: (key: string, payload: AdapterPayload) => boolean) => {
    for (const [key, { payload, expiresAt }] of storage) {
      if (expiresAt <= now()) storage.delete(key);
      else if (matches(key, payload)) return payload;
    }
    return undefined;
  };
  return (model) => {
    const isOfModel = (key: string) => key.startsWith(`${model}:`);
    return {
      async upsert(id, payload, expiresInS) {
        const expiresAt = expiresInS === undefined ? Number.POSITIVE_INFINITY : now() + expiresInS * 1000;
        storage.set(`${model}:${id}`, { payload, expiresAt });
      },
      async find(id) {
        const stored = storage.get(`${model}:${id}`);
        // A code or token that has expired is found on: the provider says that it has.
        return stored?.payload;
      },
      async findByUid(uid) {
        return find((key, payload) => isOfModel(key) && payload.uid === uid);
      },
      async findByUserCode(userCode) {
        return find((key, payload) => isOfModel(key) && payload.userCode === userCode);
      },
      async consume(id) {
        const stored = storage.get(`${model}:${id}`);
        if (stored !== undefined) stored.payload.consumed = Math.floor(now() / 1000);
      },
      async destroy(id) {
        storage.delete(`${model}:${id}`);
      },
      async revokeByGrantId(grantId) {
        for (const [key, { payload }] of storage) if (payload.grantId === grantId) storage.delete(key);
      },
    };
  };
}
