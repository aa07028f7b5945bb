/** Tokens of one kind: a fixed beginning, then a run of letters of one alphabet. */
export interface TokenKind {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly letters: Alphabet;
  /** Letters behind the prefix: at least so many, or from and to. A token that was cut shorter is not told from a word. */
  readonly length: number | readonly [number, number];
  /** Where the provider describes it. */
  readonly source: string;
}

/** Letters a token has behind its prefix, as a class of a regular expression. */
export const ALPHABETS = {
  hex: '0-9a-f',
  upper: '0-9A-Z',
  lower: '0-9a-z',
  alphanumeric: '0-9A-Za-z',
  word: '\\w-',
  dotted: '\\w.-',
  base64: '\\w+/=-',
  /** As `dotted` and what else opaque tokens have. */
  any: '\\w.~+/=:%-',
  uuid: '0-9a-f-',
  pair: '0-9A-Za-z.',
} as const;

export type Alphabet = keyof typeof ALPHABETS;

/**
 * Every kind of token that is told by its beginning. Lengths are below those in use, because providers lengthen them
 * and texts are cut.
 */
// biome-ignore format: a table is read by its rows
export const TOKEN_KINDS: readonly TokenKind[] = [
  kind('AWS access key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], 'upper', [16, 16], 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html'),
  kind('AWS Bedrock API key', ['ABSK'], 'base64', 100, 'https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys.html'),
  kind('Alibaba Cloud access key', ['LTAI'], 'alphanumeric', [12, 26], 'https://www.alibabacloud.com/help/en/ram/user-guide/create-an-accesskey-pair'),
  kind('Tencent Cloud secret id', ['AKID'], 'alphanumeric', [20, 40], 'https://www.tencentcloud.com/document/product/598/32675'),
  kind('Yandex Cloud API key', ['AQVN'], 'word', [35, 40], 'https://yandex.cloud/en/docs/iam/concepts/authorization/api-key'),
  kind('Yandex OAuth token', ['y0_'], 'word', 30, 'https://yandex.com/dev/id/doc/en/concepts/ya-oauth-intro'),
  kind('GitHub token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], 'word', 20, 'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github'),
  kind('GitHub fine-grained token', ['github_pat_'], 'word', 20, 'https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/managing-your-personal-access-tokens'),
  kind('GitLab token', ['glpat-', 'gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'gloas-', 'glsoat-', 'glffct-', 'glwt-'], 'dotted', 20, 'https://docs.gitlab.com/security/tokens/'),
  kind('Bitbucket app password', ['ATBB'], 'alphanumeric', 24, 'https://support.atlassian.com/bitbucket-cloud/docs/app-passwords/'),
  kind('Atlassian API token', ['ATATT3', 'ATCTT3', 'ATSTT3'], 'base64', 40, 'https://support.atlassian.com/atlassian-account/docs/manage-api-tokens-for-your-atlassian-account/'),
  kind('Slack token', ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxo-', 'xoxe-', 'xoxe.xoxb-', 'xoxe.xoxp-', 'xoxc-', 'xoxd-', 'xapp-', 'xwfp-'], 'any', 12, 'https://docs.slack.dev/authentication/tokens'),
  kind('Stripe key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], 'alphanumeric', 16, 'https://docs.stripe.com/keys'),
  kind('Stripe webhook secret', ['whsec_'], 'base64', 24, 'https://docs.stripe.com/webhooks/signature'),
  kind('Google API key', ['AIza'], 'word', [35, 39], 'https://cloud.google.com/docs/authentication/api-keys'),
  kind('Google OAuth access token', ['ya29.'], 'dotted', 20, 'https://developers.google.com/identity/protocols/oauth2'),
  kind('Google OAuth refresh token', ['1//0'], 'word', 30, 'https://developers.google.com/identity/protocols/oauth2/web-server'),
  kind('Google OAuth client secret', ['GOCSPX-'], 'word', 20, 'https://developers.google.com/identity/protocols/oauth2/web-server'),
  kind('npm token', ['npm_'], 'alphanumeric', [30, 64], 'https://docs.npmjs.com/about-access-tokens'),
  kind('PyPI token', ['pypi-'], 'word', 40, 'https://pypi.org/help/#apitoken'),
  kind('RubyGems key', ['rubygems_'], 'hex', [40, 64], 'https://guides.rubygems.org/api-key-scopes/'),
  kind('NuGet key', ['oy2'], 'lower', [43, 43], 'https://learn.microsoft.com/en-us/nuget/nuget-org/publish-a-package'),
  kind('crates.io token', ['cio'], 'alphanumeric', [32, 32], 'https://doc.rust-lang.org/cargo/reference/publishing.html'),
  kind('Clojars token', ['CLOJARS_'], 'lower', [40, 80], 'https://github.com/clojars/clojars-web/wiki/Deploy-Tokens'),
  kind('JFrog API key', ['AKCp'], 'alphanumeric', [60, 80], 'https://jfrog.com/help/r/jfrog-platform-administration-documentation/api-key'),
  kind('Docker Hub token', ['dckr_pat_', 'dckr_oat_'], 'word', 20, 'https://docs.docker.com/security/access-tokens/'),
  kind('Anthropic key', ['sk-ant-'], 'word', 20, 'https://docs.anthropic.com/en/api/overview'),
  kind('OpenAI key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], 'word', 20, 'https://platform.openai.com/docs/api-reference/authentication'),
  kind('OpenAI or DeepSeek key', ['sk-'], 'alphanumeric', [32, 64], 'https://platform.openai.com/docs/api-reference/authentication'),
  kind('OpenRouter key', ['sk-or-v1-'], 'hex', [32, 80], 'https://openrouter.ai/docs/api-reference/authentication'),
  kind('Hugging Face token', ['hf_', 'api_org_'], 'alphanumeric', [30, 64], 'https://huggingface.co/docs/hub/security-tokens'),
  kind('Replicate token', ['r8_'], 'alphanumeric', [30, 48], 'https://replicate.com/docs/topics/security/api-tokens'),
  kind('Groq key', ['gsk_'], 'alphanumeric', [40, 64], 'https://console.groq.com/docs/quickstart'),
  kind('xAI key', ['xai-'], 'alphanumeric', [40, 100], 'https://docs.x.ai/docs/tutorial'),
  kind('Perplexity key', ['pplx-'], 'alphanumeric', [40, 64], 'https://docs.perplexity.ai/guides/getting-started'),
  kind('NVIDIA key', ['nvapi-'], 'word', 40, 'https://docs.nvidia.com/ngc/gpu-cloud/ngc-user-guide/index.html'),
  kind('LangSmith key', ['lsv2_pt_', 'lsv2_sk_'], 'word', 32, 'https://docs.smith.langchain.com/administration/how_to_guides/organization_management/create_account_api_key'),
  kind('Pinecone key', ['pcsk_'], 'word', 40, 'https://docs.pinecone.io/guides/projects/manage-api-keys'),
  kind('SendGrid key', ['SG.'], 'dotted', [40, 80], 'https://www.twilio.com/docs/sendgrid/ui/account-and-settings/api-keys'),
  kind('Twilio API key', ['SK'], 'hex', [32, 32], 'https://www.twilio.com/docs/iam/api-keys'),
  kind('Mailgun key', ['key-'], 'hex', [32, 32], 'https://documentation.mailgun.com/docs/mailgun/user-manual/api-key-mgmt/rbac-mgmt'),
  kind('Brevo key', ['xkeysib-', 'xsmtpsib-'], 'word', 40, 'https://developers.brevo.com/docs/getting-started'),
  kind('Telegram bot token', [':AA'], 'word', [32, 36], 'https://core.telegram.org/bots/api#authorizing-your-bot'),
  kind('DigitalOcean token', ['dop_v1_', 'doo_v1_', 'dor_v1_'], 'hex', [40, 80], 'https://docs.digitalocean.com/reference/api/create-personal-access-token/'),
  kind('Heroku key', ['HRKU-'], 'word', 36, 'https://devcenter.heroku.com/articles/authentication'),
  kind('Fly.io token', ['fm1_', 'fm2_', 'fo1_'], 'base64', 30, 'https://fly.io/docs/security/tokens/'),
  kind('Netlify token', ['nfp_'], 'alphanumeric', [36, 48], 'https://docs.netlify.com/api-and-cli-guides/api-guides/get-started-with-api/'),
  kind('Render key', ['rnd_'], 'alphanumeric', [24, 40], 'https://render.com/docs/api'),
  kind('Cloudflare origin CA key', ['v1.0-'], 'word', 100, 'https://developers.cloudflare.com/fundamentals/api/get-started/ca-keys/'),
  kind('PlanetScale token', ['pscale_tkn_', 'pscale_oauth_', 'pscale_pw_'], 'dotted', 30, 'https://planetscale.com/docs/api/reference/service-tokens'),
  kind('Supabase key', ['sbp_', 'sb_secret_'], 'word', [30, 64], 'https://supabase.com/docs/guides/api/api-keys'),
  kind('Neon key', ['napi_'], 'lower', [40, 80], 'https://neon.com/docs/manage/api-keys'),
  kind('Databricks token', ['dapi', 'dkea', 'dose'], 'hex', [32, 32], 'https://docs.databricks.com/aws/en/dev-tools/auth/pat'),
  kind('HashiCorp Vault token', ['hvs.', 'hvb.', 'hvr.'], 'word', 24, 'https://developer.hashicorp.com/vault/docs/concepts/tokens'),
  kind('Doppler token', ['dp.pt.', 'dp.st.', 'dp.ct.', 'dp.sa.', 'dp.scim.', 'dp.audit.', 'dp.said.'], 'dotted', 40, 'https://docs.doppler.com/docs/token-formats'),
  kind('1Password service account', ['ops_eyJ'], 'base64', 40, 'https://developer.1password.com/docs/service-accounts/'),
  kind('Pulumi token', ['pul-'], 'hex', [40, 40], 'https://www.pulumi.com/docs/administration/access-identity/access-tokens/'),
  kind('Tailscale key', ['tskey-'], 'word', 20, 'https://tailscale.com/kb/1277/key-prefixes'),
  kind('age secret key', ['AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-PQ-1'], 'upper', 50, 'https://age-encryption.org/v1'),
  kind('Grafana token', ['glsa_', 'glc_'], 'base64', 30, 'https://grafana.com/docs/grafana/latest/administration/service-accounts/'),
  kind('Sentry token', ['sntrys_', 'sntryu_', 'sntrya_', 'sntryi_'], 'base64', 40, 'https://docs.sentry.io/account/auth-tokens/'),
  kind('New Relic key', ['NRAK-', 'NRJS-', 'NRII-', 'NRIQ-', 'NRRA-', 'NRSP-'], 'word', [16, 48], 'https://docs.newrelic.com/docs/apis/intro-apis/new-relic-api-keys/'),
  kind('Dynatrace token', ['dt0c01.', 'dt0s01.', 'dt0s02.', 'dt0s03.', 'dt0s08.', 'dt0s16.'], 'dotted', 60, 'https://docs.dynatrace.com/docs/manage/identity-access-management/access-tokens-and-oauth-clients/access-tokens'),
  kind('PostHog personal key', ['phx_'], 'alphanumeric', [32, 64], 'https://posthog.com/docs/api'),
  kind('LaunchDarkly key', ['sdk-', 'api-'], 'uuid', [36, 36], 'https://launchdarkly.com/docs/home/account/api'),
  kind('SonarQube token', ['sqp_', 'squ_', 'sqa_'], 'hex', [40, 40], 'https://docs.sonarsource.com/sonarqube-server/user-guide/managing-tokens/'),
  kind('Buildkite token', ['bkua_', 'bkaj_'], 'hex', [40, 40], 'https://buildkite.com/docs/apis/managing-api-tokens'),
  kind('CircleCI token', ['CCIPAT_', 'CCIPRJ_'], 'word', 40, 'https://circleci.com/docs/managing-api-tokens/'),
  kind('Postman key', ['PMAK-', 'PMAT-'], 'word', 24, 'https://learning.postman.com/docs/developer/postman-api/authentication/'),
  kind('Linear key', ['lin_api_', 'lin_oauth_'], 'alphanumeric', [32, 80], 'https://linear.app/developers/graphql'),
  kind('Figma token', ['figd_', 'figo_', 'figu_', 'figoh_', 'figor_'], 'word', [32, 64], 'https://developers.figma.com/docs/rest-api/authentication/'),
  kind('Notion token', ['ntn_', 'secret_'], 'alphanumeric', [40, 56], 'https://developers.notion.com/docs/authorization'),
  kind('Airtable token', ['pat'], 'pair', [79, 79], 'https://airtable.com/developers/web/api/authentication'),
  kind('Dropbox token', ['sl.'], 'word', 100, 'https://www.dropbox.com/developers/reference/auth-types'),
  kind('HubSpot token', ['pat-na1-', 'pat-na2-', 'pat-eu1-', 'pat-ap1-'], 'word', 32, 'https://developers.hubspot.com/docs/apps/legacy-apps/private-apps/overview'),
  kind('Contentful token', ['CFPAT-'], 'word', 40, 'https://www.contentful.com/developers/docs/references/authentication/'),
  kind('Typeform token', ['tfp_'], 'word', 40, 'https://www.typeform.com/developers/get-started/personal-access-token/'),
  kind('Adafruit IO key', ['aio_'], 'alphanumeric', [28, 28], 'https://io.adafruit.com/api/docs/'),
  kind('Mapbox secret token', ['sk.eyJ'], 'dotted', 40, 'https://docs.mapbox.com/help/dive-deeper/access-tokens/'),
  kind('Facebook token', ['EAA'], 'alphanumeric', 60, 'https://developers.facebook.com/docs/facebook-login/guides/access-tokens/'),
  kind('Square token', ['EAAA'], 'word', 50, 'https://developer.squareup.com/docs/build-basics/access-tokens'),
  kind('Square secret', ['sq0atp-', 'sq0csp-'], 'word', 20, 'https://developer.squareup.com/docs/build-basics/access-tokens'),
  kind('X bearer token', ['AAAAAAAAAAAAAAAAAAAA'], 'any', 40, 'https://docs.x.com/resources/fundamentals/authentication/oauth-2-0/bearer-tokens'),
  kind('Shopify token', ['shpat_', 'shpca_', 'shppa_', 'shpss_', 'shpua_', 'shpit_'], 'hex', [32, 40], 'https://shopify.dev/docs/apps/build/authentication-authorization'),
  kind('Plaid access token', ['access-sandbox-', 'access-development-', 'access-production-'], 'uuid', [36, 36], 'https://plaid.com/docs/api/'),
  kind('EasyPost key', ['EZAK', 'EZTK'], 'alphanumeric', [54, 54], 'https://docs.easypost.com/docs/authentication'),
  kind('Flutterwave key', ['FLWSECK-', 'FLWSECK_TEST-'], 'word', 30, 'https://developer.flutterwave.com/docs/authentication'),
  kind('Razorpay key', ['rzp_live_', 'rzp_test_'], 'alphanumeric', [14, 20], 'https://razorpay.com/docs/api/authentication/'),
  kind('Shippo token', ['shippo_live_', 'shippo_test_'], 'hex', [40, 40], 'https://docs.goshippo.com/docs/guides_general/authentication/'),
  kind('Duffel token', ['duffel_live_', 'duffel_test_'], 'word', 40, 'https://duffel.com/docs/api/overview/authentication'),
  kind('Terraform Cloud token', ['.atlasv1.'], 'word', 60, 'https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens'),
  kind('Tailrace access token', ['tailrace_'], 'word', [43, 43], 'docs/http-api.md'),
];

function kind(
  name: string,
  prefixes: readonly string[],
  letters: Alphabet,
  length: TokenKind['length'],
  source: string,
): TokenKind {
  return { name, prefixes, letters, length, source };
}
