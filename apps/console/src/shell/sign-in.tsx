import { useState } from 'preact/hooks';
import { refresh } from '../state/question.js';
import { signIn } from '../state/session.js';

/** Asks for a token. It goes to the gateway once, and comes back as a cookie that no script can read. */
export function SignIn() {
  const [token, setToken] = useState('');
  const [refusal, setRefusal] = useState('');
  const submit = async (event: Event) => {
    event.preventDefault();
    const why = await signIn(token.trim());
    setRefusal(why ?? '');
    if (why !== undefined) return;
    setToken('');
    refresh();
  };
  return (
    <main class="sign-in">
      <form onSubmit={submit}>
        <h1>Sign in</h1>
        <p>
          This gateway asks for a token of scope read. Whoever runs it makes one with{' '}
          <code>tailrace token create</code>.
        </p>
        <label for="token">Token</label>
        <input
          id="token"
          type="password"
          autocomplete="current-password"
          required
          value={token}
          aria-invalid={refusal !== ''}
          aria-describedby="refusal"
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
        <p id="refusal" class="bad" role="alert">
          {refusal}
        </p>
        <button type="submit" class="primary">
          Sign in
        </button>
      </form>
    </main>
  );
}
