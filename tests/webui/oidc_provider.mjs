// A certified OpenID provider on a free port of this machine, with people who sign in by their name and any password.
// Arguments: the address it leads back to, and the one after signing out. Prints its own address.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

const [back, left] = process.argv.slice(2);
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'gendan',
      client_secret: 'a secret of the tests alone',
      redirect_uris: [back],
      post_logout_redirect_uris: [left],
    }],
    cookies: { keys: ['of the tests'] },
    claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'groups'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    async findAccount(_context, id) {
      return {
        accountId: id,
        claims: async () => ({
          sub: id,
          preferred_username: id,
          name: `${id} of elsewhere`,
          groups: ['head', 'unknown'],
          email: id,
          email_verified: id !== 'zhou',
        }),
      };
    },
  });
  server.on('request', provider.callback());
  console.log(issuer);
});
