"use strict";
// GraphiQL with a switch between the development logins; each choice is a new token, hence a new session.
const select = document.getElementById("login");
const said = document.getElementById("said");
let token = null;

async function signIn(login) {
  token = null;
  if (!login) { said.textContent = ""; return; }
  const answer = await fetch("/dev/token", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ login }),
  });
  const body = await answer.json();
  token = answer.ok ? body.token : null;
  said.textContent = answer.ok ? `until ${body.expiresAt}` : body.errors[0].message;
  localStorage.setItem("portcullis.login", login);
}

async function fetcher(parameters, options) {
  const answer = await fetch("/graphql", {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/graphql-response+json, application/json",
      ...(token ? { Authorization: `Bearer ${token}` } : {}),
      ...(options?.headers ?? {}),
    },
    body: JSON.stringify(parameters),
  });
  return answer.json();
}

const first = `# Choose a login above, then run this.
query Me {
  viewer {
    person { name }
    actingFor { id name }
    roles
  }
}
`;

async function start() {
  const known = localStorage.getItem("portcullis.login");
  if (known && [...select.options].some((option) => option.value === known)) {
    select.value = known;
    await signIn(known);
  }
  select.addEventListener("change", () => signIn(select.value));
  ReactDOM.createRoot(document.getElementById("graphiql")).render(
    React.createElement(GraphiQL, { fetcher, defaultQuery: first, shouldPersistHeaders: false }),
  );
}

start();
