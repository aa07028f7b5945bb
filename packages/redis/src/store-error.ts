/** Why a store cannot be used, in one line for whoever gave its URL. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
