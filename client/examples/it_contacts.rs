//! The setup is handed to the customer's IT: whoever was to do it before loses the invitation, the new one gets it by mail.
//!
//! ```sh
//! cargo run -p workos-portal-mock &
//! WORKOS_API_KEY=sk_test_default WORKOS_BASE_URL=http://127.0.0.1:4100 \
//!   cargo run -p workos-portal --example it_contacts
//! ```
//!
//! It is about the organization that the mock starts with; `-- org_01… grace@acme.example` names another, and another
//! contact. The mock sends no mails, but shows them: `curl http://127.0.0.1:4100/_mock/outbox`.

use std::env;
use std::error::Error;
use std::io::{self, Write};

use workos_portal::types::ItContactIntent;
use workos_portal::{Client, codes};

pub(crate) async fn run(
    client: &Client,
    organization: &str,
    email: &str,
    out: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let contacts = client.list_it_contacts().id(organization).stream();
    let (kept, replaced): (Vec<_>, Vec<_>) = contacts
        .all()
        .await?
        .into_iter()
        .partition(|contact| contact.email == email);

    for contact in replaced {
        client
            .revoke_it_contact_invitation()
            .id(organization)
            .contact_id(&contact.id)
            .send()
            .await?;
        client
            .delete_it_contact()
            .id(organization)
            .contact_id(&contact.id)
            .send()
            .await?;
        writeln!(out, "{} is the contact no more", contact.email)?;
    }

    let contact = if let Some(contact) = kept.into_iter().next() {
        contact
    } else {
        let call = client.create_it_contact().id(organization);
        let call = call.body_map(|body| body.email(email));
        call.send().await?.into_inner()
    };
    let call = client
        .invite_it_contact()
        .id(organization)
        .contact_id(&contact.id)
        .body_map(|body| body.intents([ItContactIntent::Sso, ItContactIntent::DirectorySync]));
    match call.send().await {
        Ok(_) => writeln!(out, "{email} gets a mail with the link")?,
        Err(error) if error.has_code(codes::IT_CONTACT_INVITATION_ALREADY_ACTIVE) => {
            writeln!(out, "{email} has a link that is still good")?;
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let organization = arguments.next();
    let organization = organization.as_deref().unwrap_or("org_test_idp");
    let email = arguments.next();
    let email = email.as_deref().unwrap_or("it@example.com");
    let client = Client::from_env()?;
    run(&client, organization, email, &mut io::stdout()).await
}
